import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { Module } from '../module.ts';
import {
  apiserverCertificatePath,
  lacking,
  type ServingCertificate,
  servingCertificate,
} from './apiserver-certificate.ts';

interface Args {
  readonly names: readonly string[];
  readonly path: string;
}

type State = ServingCertificate | null;

/** Verifies the names in the API server's certificate. */
export const apiserverSans: Module<Args, State> = {
  name: 'apiserver_sans',
  summary:
    "Verifies that the API server's certificate is valid for all names and addresses by which it is reached.",
  notes: [
    'Changes nothing, and needs no openssl on the node: the certificate is read there and parsed here.',
  ],
  args: {
    type: 'object',
    properties: {
      names: {
        description: 'Names and addresses that it must hold.',
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
      },
      path: { description: 'The certificate.', type: 'string', default: apiserverCertificatePath },
    },
    required: ['names'],
    additionalProperties: false,
  },
  returns: { names: 'All names and addresses in it.', valid_to: 'Its last day.' },
  example: `- apiserver_sans:
    names: [k8s-api.example.net, 172.24.1.60]
`,
  probe: (args) => servingCertificate(args.path),
  diff: (args, state, task) => {
    const missing = lacking(args.names, state?.names ?? []);
    if (missing.length === 0) return null;
    throw new Failure({
      code: 'HAPB6585',
      message:
        state === null
          ? `${task.host} has no certificate at ${args.path}`
          : `the API server's certificate on ${task.host} is not valid for ${missing.join(', ')}`,
      hint: 'Put the names into cert_sans of kubeadm_init and run it on the first node, then kubeadm_join on the others: they renew the certificates.',
      ...(state === null ? {} : { details: `it holds ${state.names.join(', ')}` }),
    });
  },
  apply: (_wanted: Change): Promise<Output> => Promise.resolve({ changed: false }),
  output: (_args, state) => ({ names: state?.names ?? [], valid_to: state?.validTo ?? '' }),
};
