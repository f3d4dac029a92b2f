import { describe, expect, it } from 'vitest';
import { parseLostQuorum, quorumProblem } from '../../../../src/modules/kubernetes/etcd-quorum.ts';

// What etcd 3.6.5 answers at /members and /metrics; three members, two of them killed.
const [cp1, cp2, cp3] = ['dbfe65aaf3129999', '768f24955bf833b1', 'fc262f508f18263'];
const members =
  '[{"id":1135578860607341155,"peerURLs":["https://10.77.0.3:2380"],"name":"cp3","clientURLs":["https://10.77.0.3:2379"]},{"id":8543087242056840113,"peerURLs":["https://10.77.0.2:2380"],"name":"cp2","clientURLs":["https://10.77.0.2:2379"]},{"id":15852219523287652761,"peerURLs":["https://10.77.0.1:2380"],"name":"cp1","clientURLs":["https://10.77.0.1:2379"]}]';

function said(leader: string, peers: readonly string[], text = members) {
  return parseLostQuorum(
    new Map([
      ['local-members', [text]],
      ['local-leader', [leader]],
      ['local-id', [cp1 ?? '']],
      ['local-peer', peers],
    ]),
  );
}

describe('etcd on a node', () => {
  it('has lost its quorum when it has no leader and too few members are in reach', () => {
    const lost = said('0', []);
    expect(lost).toEqual({
      voters: 3,
      off: ['cp2 (https://10.77.0.2:2380)', 'cp3 (https://10.77.0.3:2380)'],
    });
    expect(lost === null ? null : quorumProblem(lost)).toMatchInlineSnapshot(`
      {
        "remedy": "Start those machines, or their network, again: etcd goes on by itself as soon as 2 see each other (after a boot that takes up to a minute). Nothing was changed. If they are lost for good, restore etcd from a snapshot.",
        "text": "etcd has no quorum: 1 of 3 members can be reached, and 2 are needed. Off: cp2 (https://10.77.0.2:2380), cp3 (https://10.77.0.3:2380)",
      }
    `);
  });

  it('has it while there is a leader, while enough are in reach, or when it is alone', () => {
    expect(said('1', [])).toBeNull();
    expect(said('0', [cp2 ?? ''])).toBeNull();
    expect(said('0', [], members.replace(/\{"id":1135.*?\},\{.*?\},/, ''))).toBeNull();
  });

  it('does not count learners', () => {
    const learner = members.replace('"name":"cp3"', '"name":"cp3","isLearner":true');
    expect(said('0', [cp3 ?? ''], learner)).toEqual({ voters: 2, off: ['cp2 (https://10.77.0.2:2380)'] });
  });

  it('is not asked where the API server answers, and silent where it does not run', () => {
    expect(parseLostQuorum(new Map())).toBeNull();
  });
});
