import { type Ask, question } from '../ask.ts';

/** Seconds since the node booted; in a container since its first process began. Key `kubeadm:since-boot`. */
export function secondsSinceBoot(): Ask<number> {
  return question({
    key: 'kubeadm:since-boot',
    sh: 'read -r s </proc/1/stat; set -- ${s##*) }; shift 19; up=$(cut -d. -f1 /proc/uptime); echo $((up - $1 / 100))',
    parse: ({ stdout }) => Number.parseInt(stdout, 10) || 0,
  });
}
