using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Daemon;

/// <summary>What lets jobs that are due wait, when the config says so: the machine runs on its battery, or the network is metered. Asked once a look.</summary>
internal sealed class Circumstances(DaemonOptions options, CancellationToken cancellationToken)
{
    private bool? _isBattery, _isMetered;

    /// <summary>Why a job has to wait; null when it need not.</summary>
    public async Task<string?> WhyWaitsAsync(Job job)
    {
        if (options.OnBattery is "wait" && (_isBattery ??= PowerSupply.IsBattery()))
            return "the machine runs on its battery";
        var isRemote = job.To.Any(t => t.LocalPath is null);
        return isRemote && options.OnMetered is "wait" && (_isMetered ??= await MeteredNetwork.IsThisAsync(cancellationToken)) ? "the network is metered" : null;
    }
}
