using System.Runtime.InteropServices;

namespace Holdfast.Core.Model;

/// <summary>The number of a device file.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DeviceNumber(uint Major, uint Minor);
