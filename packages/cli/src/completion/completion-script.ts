/** Shells that a script can be had for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A script that makes a shell ask `keepset __complete LINE`, which answers by lines: a word, a tab, what it does. */
export function completionScript(shell: (typeof SHELLS)[number]): string {
  return SCRIPTS[shell];
}

/** Names of files, which the shell knows best. */
export const FILES_LINE = ':files';

/** bash takes `:` and `=` for ends of words: what stands before them is cut off each candidate. */
const BASH = `# Completion for bash. In ~/.bashrc: eval "$(keepset completion bash)"
_keepset() {
  local line=\${COMP_LINE:0:COMP_POINT} current=\${COMP_WORDS[COMP_CWORD]} word candidate file
  word=\${line##*[[:space:]]}
  [[ $current == [:=] ]] && current=
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ $candidate == ${FILES_LINE} ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("\${candidate#"\${word%"$current"}"}")
    fi
  done < <(keepset __complete "$line" 2>/dev/null)
}
complete -F _keepset keepset
`;

const ZSH = `#compdef keepset
# Completion for zsh. In ~/.zshrc, after compinit: eval "$(keepset completion zsh)"; or a file _keepset in $fpath.
_keepset() {
  local line="\${(j: :)words[1,CURRENT-1]} $PREFIX" candidate does files
  local -a candidates
  while IFS=$'\\t' read -r candidate does; do
    if [[ $candidate == ${FILES_LINE} ]]; then files=1; else candidates+=("\${candidate//:/\\\\:}:$does"); fi
  done < <(keepset __complete "$line" 2>/dev/null)
  (( $#candidates )) && _describe keepset candidates
  [[ -n $files ]] && _files
}
if [[ \${funcstack[1]} == _keepset ]]; then _keepset "$@"; else compdef _keepset keepset; fi
`;

const FISH = `# Completion for fish. keepset completion fish > ~/.config/fish/completions/keepset.fish
function __keepset_complete
  for line in (keepset __complete (commandline --cut-at-cursor --current-process | string collect) 2>/dev/null)
    if test "$line" = ${FILES_LINE}
      __fish_complete_path (commandline --current-token)
    else
      echo $line
    end
  end
end
complete --command keepset --no-files --arguments '(__keepset_complete)'
`;

const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH };
