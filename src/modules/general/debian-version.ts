/**
 * Which of two Debian versions is newer (deb-version(7)): negative where the first is older, 0 where both are the same.
 */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [split(a), split(b)];
  return (
    one.epoch - two.epoch ||
    compareParts(one.upstream, two.upstream) ||
    compareParts(one.revision, two.revision)
  );
}

function split(version: string): {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
} {
  const colon = version.indexOf(':');
  const rest = colon === -1 ? version : version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  };
}

/** Text and numbers by turns: text by its signs, `~` before the end and letters before other signs; numbers by value. */
function compareParts(a: string, b: string): number {
  let [one, two] = [a, b];
  while (one !== '' || two !== '') {
    const [textOne, textTwo] = [/^\D*/.exec(one)?.[0] ?? '', /^\D*/.exec(two)?.[0] ?? ''];
    for (let index = 0; index < Math.max(textOne.length, textTwo.length); index += 1) {
      const difference = order(textOne[index]) - order(textTwo[index]);
      if (difference !== 0) return difference;
    }
    one = one.slice(textOne.length);
    two = two.slice(textTwo.length);
    const [digitsOne, digitsTwo] = [/^\d*/.exec(one)?.[0] ?? '', /^\d*/.exec(two)?.[0] ?? ''];
    const difference = Number(digitsOne) - Number(digitsTwo);
    if (difference !== 0) return difference;
    one = one.slice(digitsOne.length);
    two = two.slice(digitsTwo.length);
  }
  return 0;
}

function order(sign: string | undefined): number {
  if (sign === undefined) return 0;
  if (sign === '~') return -1;
  return /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;
}
