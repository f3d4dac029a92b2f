/** What happens to a run, in the order of the table. */
export const faultNames = [
  'hapb killed',
  'connection reset',
  'link cut for 20 s',
  'power cut',
  'sshd restarted',
  'disk of the node full',
  'disk of the controller full',
] as const;
export type FaultName = (typeof faultNames)[number];

/** A task of the playbook, and on which hosts it does something. */
export interface StruckTask {
  readonly id: string;
  readonly title: string;
  readonly hosts: readonly string[];
}

/** One square of the matrix: a fault at an instant of a task. */
export interface Cell {
  readonly fault: FaultName;
  readonly task: StruckTask;
  /** Milliseconds after the task has begun; 0: when it is said to begin. */
  readonly afterMs: number;
  /** The host that is struck where the run lets choose. */
  readonly preferred: string;
}

/** What became of a cell. */
export interface Struck {
  readonly fault: FaultName;
  readonly task: string;
  readonly title: string;
  readonly afterMs: number;
  readonly host: string;
  /** Seconds until the same command had gone past the task on that host. */
  readonly seconds: number;
  /** Runs of the command that this took, the one that was struck among them. */
  readonly runs: number;
  /** What the task did there in the end: `changed` where the fault came before its work was done. */
  readonly outcome: string;
  /** Why it is not good; empty: all is as it must be. */
  readonly problems: readonly string[];
}

/** Tasks that take long are struck in their middle too; milliseconds after their begin. */
const middles: Readonly<Record<string, readonly number[]>> = {
  'Install containerd, kubeadm, kubelet, kubectl and tools': [2000, 5000],
  'Pull the images of the control plane': [1500, 4000],
  'Initialise the control plane': [1500, 3000, 5000],
  'Join the control plane, one member of etcd after the other': [1500, 4000, 8000],
  'Finish the join': [3000],
};

/** All cells of a fault, in the order of the tasks; hosts take turns. */
export function cellsOf(fault: FaultName, tasks: readonly StruckTask[]): readonly Cell[] {
  const turn = faultNames.indexOf(fault);
  return tasks
    .flatMap((task) => [0, ...(middles[task.title] ?? [])].map((afterMs) => ({ fault, task, afterMs })))
    .map((cell, index) => {
      const { hosts } = cell.task;
      return { ...cell, preferred: hosts[(index + turn) % hosts.length] ?? '' };
    });
}

/** How a cell is named in what is printed. */
export function cellName({ fault, task, afterMs }: Cell): string {
  return `${fault} at '${task.title}'${afterMs === 0 ? '' : ` + ${afterMs / 1000} s`}`;
}
