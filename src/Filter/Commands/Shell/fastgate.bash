# Completion of fastgate for bash 3.2 and newer. bash-completion loads it from
# ~/.local/share/bash-completion/completions/fastgate; without bash-completion, source it.
_fastgate() {
    local line=${COMP_LINE:0:COMP_POINT} program=${1/#\~/$HOME} word before item
    COMPREPLY=()
    # Bash also splits at some characters of COMP_WORDBREAKS, such as a colon, and replaces only the last part ($2).
    word=${line##*[[:space:]]}
    before=
    [[ $word == *"$2" ]] && before=${word%"$2"}
    while IFS= read -r item; do
        item=${item%%$'\t'*}
        COMPREPLY+=("${item#"$before"}")
    done < <("$program" '[complete]' "$line" 2>/dev/null)
}
# Where the program knows no word, files.
complete -o default -F _fastgate fastgate
