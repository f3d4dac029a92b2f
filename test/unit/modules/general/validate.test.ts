import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import type { ValueMap } from '../../../../src/core/value.ts';
import { validate } from '../../../../src/modules/general/validate.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';

const criteria = {
  type: 'object',
  properties: {
    vip: { type: 'string', format: 'ipv4', description: 'Write a free address.' },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
  },
  required: ['vip'],
};

function problem(data: ValueMap): unknown {
  try {
    return validate.diff({ data, criteria }, null, taskContext({ host: 'a' }));
  } catch (thrown) {
    return thrown;
  }
}

describe('validate', () => {
  it('is content with what fits, secrets included', () => {
    expect(problem({ vip: '10.0.0.1', port: 6443 })).toBeNull();
    expect(problem({ vip: '10.0.0.1', password: new Secret('hunter22', 'password') })).toBeNull();
  });

  it('names what is wrong, and takes the remedy from the schema', () => {
    expect(problem({ vip: '10.0.0.300', port: 70000 })).toMatchObject({
      problem: { code: 'HAPB6151', hint: 'Write a free address.', argument: 'data' },
    });
    expect(String(problem({ vip: '10.0.0.300' }))).toContain('vip');
  });

  it('says so when the criteria are no schema', () => {
    const run = () =>
      validate.diff({ data: {}, criteria: { properties: 3 } }, null, taskContext({ host: 'a' }));
    expect(run).toThrow('the criteria are no JSON Schema');
  });
});
