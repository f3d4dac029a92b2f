/** The process that a shell is on its host; what a kill needs to know. */
export interface ShellIdentity {
  readonly pid: number;
  /** Of the process group and the session; the pid where the host has no /proc. */
  readonly groupId: number;
  readonly sessionId: number;
  readonly traits: ShellTraits;
}

/** What makes a shell fast or slow at taking large requests. */
export interface ShellTraits {
  /** `bytewise`: bash, which reads commands on a pipe one byte at a time; the others read in blocks. */
  readonly reading: 'bytewise' | 'blocks';
  /** How binary data reaches a script: by the host's base64, or, where there is none, by escapes of printf. */
  readonly binary: 'base64' | 'escapes';
}

/** What can be relied on before a shell has said what it is. */
export const plainTraits: ShellTraits = { reading: 'blocks', binary: 'escapes' };

/**
 * `hapb_end NONCE PAYLOAD` prints the marker on both outputs. A program can have made them non-blocking (the flag belongs
 * to the pipe, not to the program), so that a full pipe refuses the marker: it is printed again a little later.
 * `hapb_run NONCE ARG…` runs the script in `hapb_script`, which does not get to know the nonce, and then does that.
 */
const ownFunctions =
  'hapb_say() { printf \'%s:%s;\' "$1" "$2" 2>/dev/null; }; ' +
  'hapb_patient() { hapb_say "$@" || for hapb_try in 1 2 3 4 5 6 7 8; do sleep 1; hapb_say "$@" && break; done; }; ' +
  'hapb_end() { hapb_patient "$1" "$2"; hapb_patient "$1" "" >&2; }\n' +
  'hapb_run() { hapb_nonce=$1; shift; ( hapb_nonce=; eval "$hapb_script" ) </dev/null; hapb_end "$hapb_nonce" "$?"; hapb_script=; }\n';

/**
 * What a fresh shell is told first: one language for all messages, no terminal tricks, the administrator's directories
 * at the end of PATH (a login user and su often have none), and to say who it is behind the marker.
 */
export function startText(nonce: string): string {
  return (
    'unset ENV BASH_ENV CDPATH; LC_ALL=C TERM=dumb; export LC_ALL TERM; ' +
    `PATH="\${PATH:-/usr/bin:/bin}"; case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" ;; esac; export PATH; ` +
    `{ read -r hapb_stat </proc/$$/stat; } 2>/dev/null; set -- \${hapb_stat##*)}; ` +
    `${ownFunctions}hapb_base64=$(command -v base64); ` +
    `hapb_end ${nonce} "$$ \${3:-$$} \${4:-$$} \${BASH_VERSION:+bash} \${hapb_base64:+base64}"; set --\n`
  );
}

/** Reads what `startText` made the shell print. */
export function identityFrom(payload: string): ShellIdentity {
  const words = payload.trim().split(' ');
  const [pid = 0, groupId = pid, sessionId = pid] = words.slice(0, 3).map(Number);
  const traits: ShellTraits = {
    reading: words.includes('bash') ? 'bytewise' : 'blocks',
    binary: words.includes('base64') ? 'base64' : 'escapes',
  };
  return { pid, groupId, sessionId, traits };
}

/**
 * Ends a shell with all it started, run from another channel of the same user. `$1` `$2` `$3` are pid, group and session.
 * The whole session counts when it is not the killer's own, so that children with a process group of their own (such as
 * those of `timeout`) end too; durable work has its own session and lives on.
 */
export const killScript = `
session() { set -- \${1##*)}; session=\${4:-}; }
line=; { read -r line </proc/$$/stat; } 2>/dev/null; session "$line"; own=$session
kill -9 "-$2" 2>/dev/null; kill -9 "$1" 2>/dev/null
[ -n "$own" ] && [ "$own" != "$3" ] || exit 0
for stat in /proc/[0-9]*/stat; do
  line=; { read -r line <"$stat"; } 2>/dev/null; session "$line"
  [ "$session" = "$3" ] || continue
  pid=\${stat#/proc/}; kill -9 "\${pid%/stat}" 2>/dev/null
done
exit 0
`;
