/** The process that a shell is on its host; what a kill needs to know. */
export interface ShellIdentity {
  readonly pid: number;
  /** Of the process group and the session; the pid where the host has no /proc. */
  readonly groupId: number;
  readonly sessionId: number;
}

/**
 * What a fresh shell is told first: one language for all messages, no terminal tricks, the administrator's directories
 * at the end of PATH (a login user and su often have none), and to say who it is behind the marker.
 */
export function startText(nonce: string): string {
  return (
    'unset ENV BASH_ENV CDPATH; LC_ALL=C TERM=dumb; export LC_ALL TERM; ' +
    `PATH="\${PATH:-/usr/bin:/bin}"; case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" ;; esac; export PATH; ` +
    `{ read -r hapb_stat </proc/$$/stat; } 2>/dev/null; set -- \${hapb_stat##*)}; ` +
    `printf '${nonce}:%s %s %s;' "$$" "\${3:-$$}" "\${4:-$$}"; printf '${nonce}:;' >&2; set --\n`
  );
}

/** Reads what `startText` made the shell print. */
export function identityFrom(payload: string): ShellIdentity {
  const [pid = 0, groupId = pid, sessionId = pid] = payload.split(' ').map(Number);
  return { pid, groupId, sessionId };
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
