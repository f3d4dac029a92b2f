/** What `hapb/testing` offers to tests of a user's own modules. */
export { type FakeDeed, type FakeHost, type FakeHostScript, fakeHost, rawReply } from './fake-host.ts';
export { expectLawful, type LawfulRun } from './law.ts';
export { type LocalHost, localHost } from './local-host.ts';
export { loadModule, moduleArgs } from './own-module.ts';
export { taskContext } from './task-context.ts';
