# A keychain for the kill runs: a process for each call, like the real child, with a file beside this script
# for each item. A shell, because Node takes 40 ms to start, tens of thousands of times. An item is replaced
# at one moment, as a keychain's is. A file named "slow" makes it as slow to write as the real one.
directory=${0%/*}
IFS= read -r request || exit 1
account=${request#*\"account\":\"}
item=$directory/item-${account%%\"*}
case $request in
*'"operation":"get"'*)
  if IFS= read -r value 2>/dev/null <"$item"; then
    printf '{"ok":true,"value":"%s"}\n' "$value"
  else
    echo '{"ok":true}'
  fi
  ;;
*'"operation":"set"'*)
  if [ -f "$directory/slow" ]; then sleep 0.06; fi
  value=${request#*\"value\":\"}
  # Still as JSON writes it, without its quotes.
  printf '%s\n' "${value%\"\}}" >"$item.$$"
  mv "$item.$$" "$item"
  echo '{"ok":true}'
  ;;
*'"operation":"delete"'*)
  if rm "$item" 2>/dev/null; then echo '{"ok":true,"deleted":true}'; else echo '{"ok":true,"deleted":false}'; fi
  ;;
esac
