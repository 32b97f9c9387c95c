# Completion of holdfast for fish:  holdfast completion fish | source
function __holdfast_complete
    set -l words (commandline -opc)
    set -l text (commandline -cp | string replace -r '^\s*\S+\s+' '')
    $words[1] "[suggest:"(string length -- "$text")"]" "$text" 2>/dev/null
end
complete -c holdfast -a '(__holdfast_complete)'
