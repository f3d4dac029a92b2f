import { describe, expect, it } from 'vitest';
import {
  canonicalName,
  certificateFault,
  hostOf,
  kubeadmNames,
  lacking,
  parseCertificate,
  union,
} from '../../../../src/modules/kubernetes/apiserver-certificate.ts';
import { recorded, reply } from './recorded.ts';

describe('a certificate', () => {
  it('is read with its names, its last day and whether its key is there', () => {
    expect(parseCertificate(recorded('apiserver-certificate'))).toMatchInlineSnapshot(`
      {
        "names": [
          "cp1",
          "k8s-api.lab",
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local",
          "10.96.0.1",
          "10.77.21.1",
          "10.77.21.60",
        ],
        "pair": "whole",
        "validTo": "2027-11-25",
      }
    `);
  });

  it('that is cut or no certificate is none', () => {
    const whole = recorded('apiserver-certificate').stdout;
    expect(parseCertificate(reply(''))).toBeNull();
    expect(parseCertificate(reply(whole.slice(0, 400)))).toBeNull();
  });

  it('without its key is lost', () => {
    const { stdout } = recorded('apiserver-certificate');
    const keyless = parseCertificate(reply(stdout.replace('pair=whole\n', '')));
    expect(certificateFault(keyless, [])).toEqual({ kind: 'lost' });
    expect(certificateFault(null, [])).toEqual({ kind: 'lost' });
  });

  it('does when every name is in it, however it is written', () => {
    const whole = parseCertificate(recorded('apiserver-certificate'));
    expect(certificateFault(whole, ['K8S-API.lab', '10.77.21.60'])).toBeNull();
    expect(certificateFault(whole, ['k8s-api.lab', 'x.lab'])).toEqual({ kind: 'lacks', names: ['x.lab'] });
  });
});

describe('names', () => {
  it('have one spelling', () => {
    expect(['API.Lab', 'FD00:0:0::1', '10.0.0.1'].map(canonicalName)).toEqual([
      'api.lab',
      'fd00::1',
      '10.0.0.1',
    ]);
    expect(union(['a', 'fd00::1'], ['A', 'b', 'FD00:0::1', 'b'])).toEqual(['a', 'fd00::1', 'b']);
    expect(lacking(['a', 'FD00::1', 'c'], ['A', 'fd00:0::1'])).toEqual(['c']);
  });

  it.each([
    ['k8s-api.lab:6443', 'k8s-api.lab'],
    ['k8s-api.lab', 'k8s-api.lab'],
    ['10.0.0.1:6443', '10.0.0.1'],
    ['[fd00::1]:6443', 'fd00::1'],
    ['fd00::1', 'fd00::1'],
  ])('of the endpoint %s is %s', (endpoint, host) => {
    expect(hostOf(endpoint)).toBe(host);
  });

  it('are known of every certificate that kubeadm makes', () => {
    const node = { name: 'cp1', address: '10.77.0.1', endpoint: 'api.lab:6443', dnsDomain: 'cluster.local' };
    expect(kubeadmNames({ ...node, serviceSubnet: '10.96.0.0/12' })).toEqual([
      'cp1',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      '10.77.0.1',
      'api.lab',
      '10.96.0.1',
    ]);
    expect(kubeadmNames({ ...node, serviceSubnet: '172.20.5.7/20' })).toContain('172.20.0.1');
    expect(kubeadmNames({ ...node, serviceSubnet: 'fd00:10::/108,10.96.0.0/12' })).toContain('fd00:10::1');
  });
});
