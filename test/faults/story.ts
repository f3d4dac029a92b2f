import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../src/events/event.ts';
import { lab } from '../lab/rig/lab.ts';
import { type Cell, cellName, type Struck } from './cells.ts';
import { type Controller, makeController } from './controller.ts';
import { collectLog, countExecutions, counts, executionsIn, ranTwice } from './executions.ts';
import { strike } from './faults.ts';
import { clusterProblems, leftOvers } from './invariants.ts';
import { type RunEnd, type WatchedRun, watchedRun } from './watched-run.ts';

export const playbook = 'playbooks/ha-control-plane.yml';
export const nodes = ['cp1', 'cp2', 'cp3'];

/** What came of bare nodes and a command that was struck again and again. */
export interface StoryEnd {
  readonly cells: readonly Struck[];
  /** Cells whose instant never came, for a task that was done before. */
  readonly left: readonly Cell[];
  readonly runs: number;
  readonly seconds: number;
  /** How often each of the things that must happen once was begun on each node. */
  readonly executions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Why the end is not good; empty: all is as it must be. */
  readonly problems: readonly string[];
}

interface Waiting {
  readonly cell: Cell;
  readonly host: string;
  readonly at: number;
  runs: number;
  readonly problems: string[];
}

/**
 * Starts from bare nodes and gives the same command until it has come to its end and all `cells` that can be are struck:
 * a task is struck only once the one before has been passed, so that each finds its work undone.
 */
export class Story {
  readonly #started = Date.now();
  readonly #pending: Set<Cell>;
  readonly #done: Struck[] = [];
  readonly #problems: string[] = [];
  readonly #logs = new Map<string, string[]>(nodes.map((node) => [node, []]));
  readonly #say: (line: string) => void;
  #waiting: Waiting[] = [];
  #underWay: Promise<void> | null = null;
  #turn = 0;
  #runs = 0;
  #struckInRun = 0;

  constructor(cells: readonly Cell[], say: (line: string) => void) {
    this.#pending = new Set(cells);
    this.#say = say;
  }

  async tell(): Promise<StoryEnd> {
    await lab('up', String(nodes.length));
    await Promise.all(nodes.map(countExecutions));
    const controller = await makeController(playbook);
    try {
      await this.#runUntilStruckOut(controller);
      await this.#judgeEnd(controller);
    } finally {
      controller.remove();
    }
    const executions = Object.fromEntries(
      [...this.#logs].map(([node, log]) => [node, counts(executionsIn(log))]),
    );
    return {
      cells: this.#done,
      left: [...this.#pending],
      runs: this.#runs,
      seconds: Math.round((Date.now() - this.#started) / 1000),
      executions,
      problems: this.#problems,
    };
  }

  async #runUntilStruckOut(controller: Controller): Promise<void> {
    for (let failures = 0; failures < 3; ) {
      const end = await this.#run(controller);
      if (this.#struckInRun > 0) failures = 0;
      else if (end.exitCode === 0 && this.#waiting.length === 0) return;
      else failures += 1;
    }
    this.#problems.push('the command did not get any further');
  }

  async #run(controller: Controller): Promise<RunEnd> {
    this.#struckInRun = 0;
    this.#runs += 1;
    for (const waiting of this.#waiting) waiting.runs += 1;
    const lanes = new Lanes();
    const run: WatchedRun = watchedRun(controller.command, controller.env, (event) => {
      lanes.on(event);
      if (event.type === 'task.started') this.#begun(event.node, event.host, { run, controller, lanes });
      if (event.type === 'task.finished') this.#finished(event);
    });
    const end = await run.end;
    lanes.close();
    while (this.#underWay !== null) await this.#underWay;
    this.#judgeRun(end);
    if (end.exitCode === 0) for (const problem of await clusterProblems(nodes)) this.#blame(problem);
    return end;
  }

  /** A run that was not struck must end well; one that was may fail, but not by a defect of its own. */
  #judgeRun(end: RunEnd): void {
    const how = end.errors.join(' | ') || end.stderr.trim().slice(-500);
    this.#say(
      `  run ${this.#runs}: exit ${end.exitCode ?? end.signal}${how === '' ? '' : `: ${how.slice(0, 600)}`}`,
    );
    const broken = /(?:TypeError|RangeError|AssertionError|\n\s+at )/.test(end.stderr);
    if (broken) this.#blame(`a run ended by a defect: ${end.stderr.slice(-800)}`);
    else if (end.exitCode !== 0 && this.#struckInRun === 0)
      this.#blame(`a run that nothing struck failed: ${how}`);
  }

  #blame(problem: string): void {
    const [waiting] = this.#waiting;
    if (waiting === undefined) this.#problems.push(problem);
    else waiting.problems.push(problem);
    this.#say(`  PROBLEM ${problem}`);
  }

  #begun(node: string, host: string, scene: Scene): void {
    for (const cell of this.#pending) {
      if (cell.task.id !== node) continue;
      if (cell.afterMs === 0) this.#maybeStrike(cell, host, scene);
      else scene.lanes.later(cell.afterMs, () => this.#maybeStrike(cell, host, scene));
    }
  }

  #maybeStrike(cell: Cell, host: string, scene: Scene): void {
    const { task } = cell;
    if (this.#underWay !== null || !this.#pending.has(cell) || !task.hosts.includes(host)) return;
    if (this.#waiting.some((waiting) => waiting.cell.task.id !== task.id)) return;
    if (!scene.lanes.isIn(task.id, host)) return;
    const last = task.hosts.every((other) => scene.lanes.hasBegun(task.id, other));
    if (host !== cell.preferred && !last) return;
    this.#pending.delete(cell);
    this.#struckInRun += 1;
    this.#say(`  ${cellName(cell)} on ${host}`);
    this.#waiting.push({ cell, host, at: Date.now(), runs: 1, problems: [] });
    const { run, controller } = scene;
    const taskEnded = Promise.race([scene.lanes.ended(task.id, host), run.end]).then(() => undefined);
    this.#turn += 1;
    const collected = cell.fault === 'power cut' ? this.#collect(host) : Promise.resolve();
    const fault = collected
      .then(() => strike(cell.fault, { host, run, controller, taskEnded, turn: this.#turn }))
      .catch((thrown: unknown) => this.#blame(`the fault itself failed: ${String(thrown)}`))
      .finally(() => {
        if (this.#underWay === fault) this.#underWay = null;
      });
    this.#underWay = fault;
  }

  #finished(event: Extract<Event, { readonly type: 'task.finished' }>): void {
    const { kind } = event.outcome;
    if (kind === 'failed' || kind === 'unreachable') return;
    const passed = this.#waiting.filter(
      ({ cell, host }) => cell.task.id === event.node && host === event.host,
    );
    this.#waiting = this.#waiting.filter((waiting) => !passed.includes(waiting));
    for (const { cell, host, at, runs, problems } of passed) {
      const seconds = Math.round((Date.now() - at) / 100) / 10;
      const { fault, task, afterMs } = cell;
      this.#done.push({
        fault,
        task: task.id,
        title: task.title,
        afterMs,
        host,
        seconds,
        runs,
        outcome: kind,
        problems,
      });
      this.#say(`    passed after ${seconds} s, ${runs} runs: ${kind}`);
    }
  }

  async #collect(node: string): Promise<void> {
    this.#logs.get(node)?.push(...(await collectLog(node)));
  }

  /** The next run changes nothing, the cluster is whole, nothing ran twice and nothing is left. */
  async #judgeEnd(controller: Controller): Promise<void> {
    for (const { cell, problems } of this.#waiting)
      this.#problems.push(`${cellName(cell)} was never passed`, ...problems);
    const again = await watchedRun(controller.command, controller.env, () => undefined).end;
    if (again.exitCode !== 0 || again.changed !== 0)
      this.#problems.push(
        `once more: exit ${again.exitCode}, ${again.changed} changes ${again.errors.join(' | ')}`,
      );
    this.#problems.push(...(await clusterProblems(nodes)));
    // sshd takes a moment to end sessions.
    await sleep(1000);
    for (const node of nodes) {
      await this.#collect(node);
      this.#problems.push(...(await leftOvers(node)));
      const twice = ranTwice(executionsIn(this.#logs.get(node) ?? []));
      this.#problems.push(...twice.map((problem) => `${node}: ${problem}`));
    }
    for (const problem of this.#problems) this.#say(`  PROBLEM ${problem}`);
  }
}

interface Scene {
  readonly run: WatchedRun;
  readonly controller: Controller;
  readonly lanes: Lanes;
}

/** Where each host of one run stands. */
class Lanes {
  readonly #begun = new Set<string>();
  readonly #in = new Map<string, () => void>();
  readonly #ends = new Map<string, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();

  on(event: Event): void {
    if (event.type === 'task.started') {
      const key = `${event.node} ${event.host}`;
      this.#begun.add(key);
      this.#ends.set(key, new Promise((resolve) => this.#in.set(key, resolve)));
    }
    if (event.type === 'task.finished') {
      const key = `${event.node} ${event.host}`;
      this.#in.get(key)?.();
      this.#in.delete(key);
    }
  }

  hasBegun(node: string, host: string): boolean {
    return this.#begun.has(`${node} ${host}`);
  }

  isIn(node: string, host: string): boolean {
    return this.#in.has(`${node} ${host}`);
  }

  ended(node: string, host: string): Promise<void> {
    return this.#ends.get(`${node} ${host}`) ?? Promise.resolve();
  }

  later(ms: number, act: () => void): void {
    const timer = setTimeout(act, ms);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
