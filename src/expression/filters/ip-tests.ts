import type { Table, Test } from '../callable.ts';

/** Tests of addresses and networks. */
export const ipTests: Table<Test> = {};
