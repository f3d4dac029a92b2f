// Hosts as if they were far away: a port on loopback for each, over which every byte needs half of a round trip in each
// direction. Run by fork(); is sent { targets, roundTripMs }, sends { ports }, and answers any further message with what it
// has counted since the last one.
import { connect, createServer } from 'node:net';

let counted = { trips: 0, connections: 0, bytes: 0 };

/** One connection. A trip: something came back from there and was then answered, so somebody waited for it. */
function carry(near, target, roundTripMs) {
  const far = connect({ ...target, noDelay: true });
  counted.connections += 1;
  let last = 'answer';
  for (const [from, to, direction] of [
    [near, far, 'question'],
    [far, near, 'answer'],
  ]) {
    from.on('data', (chunk) => {
      counted.bytes += chunk.length;
      setTimeout(() => {
        if (direction === 'answer' && last === 'question') counted.trips += 1;
        last = direction;
        to.write(chunk);
      }, roundTripMs / 2);
    });
    from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
    from.on('error', () => to.destroy());
  }
}

function listen(target, roundTripMs) {
  return new Promise((resolve) => {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) =>
      carry(near, target, roundTripMs),
    );
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

process.once('message', async ({ targets, roundTripMs }) => {
  const ports = await Promise.all(targets.map((target) => listen(target, roundTripMs)));
  process.on('message', () => {
    process.send({ counted });
    counted = { trips: 0, connections: 0, bytes: 0 };
  });
  process.send({ ports });
});
process.once('disconnect', () => process.exit(0));
