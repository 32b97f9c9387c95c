# shellcheck shell=bash
# Completion of holdfast for bash:  source <(holdfast completion bash)
_holdfast() {
    local line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} found
    local text=${line#*[[:space:]]}
    found=$("${COMP_WORDS[0]}" "[suggest:${#text}]" "$text" 2>/dev/null)
    mapfile -t COMPREPLY < <(compgen -W "$found" -- "$current")
}
complete -o default -o bashdefault -F _holdfast holdfast ./holdfast
