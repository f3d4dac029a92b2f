import { runningFunction } from '../asks/job.ts';

// One folder for each user; /run and /dev/shm are empty after a boot. `holder` names the run: its id; the shell in which it works
// and all above it, up to sshd, each as PID:START (pids are reused); since when; who. `stamp.ID` is the uptime when the run last
// showed that it lives.
const common = `
uid=
while read -r key one uid rest; do [ "$key" != Uid: ] || break; done </proc/self/status
if [ "$uid" = 0 ]; then d=/run/hapb/lease
elif [ -w /dev/shm ]; then d=/dev/shm/hapb-$uid-lease
else d=/tmp/hapb-$uid-lease
fi
run=$1
holding() {
  hrun= line= since= who=
  { read -r hrun; read -r line; read -r since; IFS= read -r who; } 2>/dev/null <"$d/holder"
  [ -n "$hrun" ]
}
`;

/**
 * $1: id of the run, $2: who it is, $3: the time, in seconds since 1970. Prints `own`; or `taken-over`, how the other run ended, since when and who it was; or
 * `held`, how the other run does, since when and who. The holder is made by a hard link, so that it is whole when it is there.
 */
export const takeText = `
${common}
own() { set -- $(ls -ldn "$d" 2>/dev/null); [ "$3" = "$uid" ] && case $1 in drwx------*) : ;; *) false ;; esac; }
# Sets state, parent and start of a process.
process() {
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${stat##*) }
  state=$1 parent=$2
  shift 19
  start=$1
}
alive() { process "\${1%:*}" && [ "$start" = "\${1#*:}" ] && case $state in [ZX]) false ;; *) : ;; esac; }
all_alive() { for one in $line; do alive "$one" || return 1; done; }
busy() {
  for p in /proc/[0-9]*; do
    process "\${p#/proc/}" && [ "$parent" = "\${line%%:*}" ] && return
  done
  return 1
}
above=
at=$$
while [ "$at" -gt 1 ] && process "$at"; do
  above="$above $at:$start"
  at=$parent
done
tell() { printf '%s\\n' "$run" "\${above# }" "$1" "$who_am_i" >"$new"; }
stamp() { echo "$now" >"$d/stamp.$run"; }
who_am_i=$2 since_now=$3
read -r now idle </proc/uptime
now=\${now%%.*}
umask 077
new=$d/new.$$
# It has it already, and shows that it lives.
if holding && [ "$hrun" = "$run" ] && alive "\${line%% *}"; then
  stamp || exit 21
  echo own
  exit
fi
say_held() { rm -f "$new" "$d/stamp.$run"; printf '%s\\n' held "$1" "$since" "$who"; exit; }
trouble=
for attempt in 1 2 3 4 5; do
  [ -d "$d" ] || mkdir -p "$d" || exit 20
  # Nobody else can make it in /run.
  [ "$uid" = 0 ] || own || {
    # A run that ended this moment took the folder with it.
    [ -d "$d" ] || { trouble=yes; continue; }
    # Or it did so before, and another one has made it anew.
    own || { echo "$d belongs to somebody else" >&2; exit 20; }
  }
  tell "$since_now" && stamp || {
    # A run that ended this moment took the folder with it.
    trouble=yes
    continue
  }
  trouble=
  if ln "$new" "$d/holder" 2>/dev/null; then rm -f "$new"; echo own; exit; fi
  holding || continue
  stamp=0 ended=own
  # Empty: it is being written.
  [ ! -f "$d/stamp.$hrun" ] || { read -r stamp <"$d/stamp.$hrun"; stamp=\${stamp:-$now}; }
  if [ "$hrun" = "$run" ]; then
    if alive "\${line%% *}"; then rm -f "$new"; echo own; exit; fi
    # The connection was made anew, and with it the shell.
    tell "$since" || exit 21
  elif ! alive "\${line%% *}"; then ended=ended
  elif busy; then
    # A command outlives the connection of its run.
    if all_alive; then say_held working; else say_held left-over; fi
  elif ! all_alive; then ended=ended
  elif [ $((now - stamp)) -gt 30 ]; then ended=silent
  elif [ $((now - stamp)) -gt 12 ]; then say_held late
  else say_held working
  fi
  # One at a time takes the place of a run; whoever was killed while it did leaves its claim behind.
  claim=$d/claim.$hrun
  if ln "$new" "$claim" 2>/dev/null; then
    still=
    { read -r still <"$d/holder"; } 2>/dev/null
    if [ "$still" = "$hrun" ] && mv -f "$new" "$d/holder"; then
      rm -f "$claim"
      if [ "$ended" = own ]; then echo own
      else rm -f "$d/stamp.$hrun"; printf '%s\\n' taken-over "$ended" "$since" "$who"
      fi
      exit
    fi
    rm -f "$claim"
  elif [ -n "$(find "$claim" -prune -mmin +1 2>/dev/null)" ]; then rm -f "$claim"
  else sleep 0.1 2>/dev/null || sleep 1
  fi
done
[ -z "$trouble" ] || exit 21
say_held late
`;

// What durable commands left whose runs were cut off: nobody comes to see their end. That of a user's own command is kept, since
// it is not done twice.
const clearDurables = `
${runningFunction()}
if [ "$uid" = 0 ]; then
  for one in /run/hapb/durable/*; do
    case \${one##*/} in command_*) continue ;; esac
    [ ! -d "$one" ] || running "$one" || rm -rf -- "$one"
  done
  [ ! -d /run/hapb/durable ] || rmdir /run/hapb/durable 2>/dev/null
fi
`;

/** $1: id of the run, which has the lease. What runs goes on, and what other users left stays. */
export const releaseText = `
${common}
if holding && [ "$hrun" = "$run" ]; then ${clearDurables} rm -f "$d/holder" "$d/stamp.$run"
else rm -f "$d/stamp.$run"; fi
set -- "$d"
[ "$uid" != 0 ] || set -- "$d" /run/hapb
exec rmdir "$@" 2>/dev/null
`;

/** Prints `some` where anybody's run may have left something. It is short and starts no program, since every run asks it. */
export const anyLeftText =
  'for one in /run/hapb /dev/shm/hapb-*-lease /tmp/hapb-*-lease; do [ ! -e "$one" ] || { echo some; break; }; done';

/**
 * $1: id of the run, $2: who it is, $3: the time. Takes away what a run that is gone left, under a lease of its own; that of one that lives
 * stays. Prints what taking the lease prints.
 */
export const clearText = `
${common}
[ -d "$d" ] || { [ "$uid" = 0 ] && [ -d /run/hapb ]; } || exit 0
# This run is at work there by another name of the same machine.
if holding && [ "$hrun" = "$run" ]; then echo own; exit 0; fi
said=$(
${takeText}
)
printf '%s\\n' "$said"
case $said in own | taken-over*)
${releaseText}
esac
:
`;
