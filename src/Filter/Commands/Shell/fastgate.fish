# Completion of fastgate for fish 3 and newer.
function __fastgate_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -l current (commandline -ct)
    set -l found ($program '[complete]' "$words $current" 2>/dev/null)
    if set -q found[1]
        string join \n -- $found
    else
        __fish_complete_path $current
    end
end
complete -c fastgate -f -a '(__fastgate_complete)'
