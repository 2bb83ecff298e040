# Shared by the scripts of this directory; sourced, not run. It starts nothing by itself.
# shellcheck shell=bash

steps=()
step_name='' step_start=0

# step "name" command…: runs it and prints its duration. The command is not tested by `if` or `||`, where bash would
# switch `set -e` off inside it; a failure ends the script and `report` says where.
step() {
  step_name=$1 step_start=$SECONDS
  shift
  printf '\n=== %s\n' "$step_name"
  "$@"
  steps+=("$(printf '%5d s  %s' $((SECONDS - step_start)) "$step_name")")
  printf -- '--- %s: %d s\n' "$step_name" $((SECONDS - step_start))
  step_name=''
}

# report [status]: what was done and where it ended; for the EXIT trap.
report() {
  local status=${1:-$?}
  printf '\n'
  if ((${#steps[@]})); then printf '%s\n' "${steps[@]}"; fi
  if [[ -n $step_name ]]; then printf '%5d s  %s FAILED\n' $((SECONDS - step_start)) "$step_name"; fi
  printf '%5d s  in all\n' "$SECONDS"
  exit "$status"
}
trap report EXIT

# packages name…: installs what is not there yet, and asks for root only then.
packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$name" 2> /dev/null | grep -qx installed || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  echo "installing: ${missing[*]}"
  if ((EUID != 0)); then
    echo "needs root to install: ${missing[*]}" >&2
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}"
}

# until_true seconds what command…: asks ten times a second until the command succeeds or the time is over.
until_true() {
  local limit=$1 what=$2 end
  shift 2
  end=$((SECONDS + limit))
  until "$@" > /dev/null 2>&1; do
    if ((SECONDS >= end)); then
      echo "waited ${limit} s in vain: $what" >&2
      return 1
    fi
    sleep 0.1
  done
}

# start_display WxH log: starts Xvfb on a display number that it picks itself; sets DISPLAY and xvfb_pid.
start_display() {
  local size=$1 log=$2 number pipe
  pipe=$(mktemp -u)
  mkfifo "$pipe"
  Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3> "$pipe" > "$log" 2>&1 &
  xvfb_pid=$!
  if ! read -r -t 20 number < "$pipe"; then
    rm -f "$pipe"
    echo "Xvfb did not come up:" >&2
    cat "$log" >&2
    return 1
  fi
  rm -f "$pipe"
  export DISPLAY=":$number"
}

# end_process pid: asks it to end, and insists after five seconds. Only ever called with the pid of a child of ours.
end_process() {
  local pid=${1:-}
  [[ -n $pid ]] && kill -0 "$pid" 2> /dev/null || return 0
  kill -TERM "$pid" 2> /dev/null || return 0
  until_true 5 "process $pid to end" process_gone "$pid" 2> /dev/null || kill -KILL "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || true
}

# A zombie has ended too; the shell reaps it at `wait`.
process_gone() {
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2> /dev/null) || return 0
  [[ -z $state || $state == Z ]]
}

# not_blank picture: a drawn window has many colours; an empty one has a handful.
not_blank() {
  local colours
  colours=$(identify -format '%k' "$1")
  echo "$1: $colours colours, $(identify -format '%wx%h' "$1")"
  if ((colours < 100)); then
    echo "$1 looks blank" >&2
    return 1
  fi
}
