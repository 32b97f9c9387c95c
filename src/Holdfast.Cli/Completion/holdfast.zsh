#compdef holdfast
# Completion of holdfast for zsh:  source <(holdfast completion zsh)
_holdfast() {
    local text="${(j: :)words[2,CURRENT]}"
    local -a found
    found=("${(@f)$("$words[1]" "[suggest:${#text}]" "$text" 2>/dev/null)}")
    found=(${(M)found:#${PREFIX}*})
    if (( ${#found} )); then
        compadd -a found
    else
        _files
    fi
}
compdef _holdfast holdfast
