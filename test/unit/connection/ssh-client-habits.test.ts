import type { Client } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { withoutDetours } from '../../../src/connection/ssh-client-habits.ts';

/** What of ssh2's client the habits touch, and what was done with it. */
function client() {
  const done: string[] = [];
  const protocol = {
    authPK: () => undefined,
    _handlers: {
      GLOBAL_REQUEST: (_: unknown, name: string) => done.push(`request ${name}`),
      EXT_INFO: (_: unknown, extensions: string) => done.push(`told ${extensions}`),
      SERVICE_ACCEPT: (_: unknown, name: string) => done.push(`login after ${name}`),
    },
  };
  withoutDetours({ _protocol: protocol } as unknown as Client);
  return { protocol, handlers: protocol._handlers, done };
}

describe('the login', () => {
  it('goes out as soon as the server has told which signatures it takes, and once', () => {
    const { protocol, handlers, done } = client();
    handlers.EXT_INFO(protocol, 'rsa-sha2-512');
    handlers.SERVICE_ACCEPT(protocol, 'ssh-userauth');
    handlers.EXT_INFO(protocol, 'more');
    expect(done).toEqual(['told rsa-sha2-512', 'login after ssh-userauth', 'told more']);
  });

  it('waits for leave where the server tells nothing', () => {
    const { protocol, handlers, done } = client();
    handlers.SERVICE_ACCEPT(protocol, 'ssh-userauth');
    expect(done).toEqual(['login after ssh-userauth']);
  });
});

describe('what a server asks for by itself', () => {
  it('is left to ssh2, but for the proofs of its keys', () => {
    const { protocol, handlers, done } = client();
    handlers.GLOBAL_REQUEST(protocol, 'hostkeys-00@openssh.com');
    handlers.GLOBAL_REQUEST(protocol, 'keepalive@openssh.com');
    expect(done).toEqual(['request keepalive@openssh.com']);
  });
});
