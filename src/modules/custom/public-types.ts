import type { Change } from '../../core/change.ts';
import type { FilePlan } from '../general/file-change.ts';
import type { Module } from '../module.ts';
import type { ModuleApi } from './api.ts';

// What `hapb/module` offers: the types of a user's own module. Its helpers come with the call of the exported function.
export type { Change, Edit, Effect } from '../../core/change.ts';
export type { Output, Value } from '../../core/value.ts';
export type { Ask, Query, Question, Target } from '../ask.ts';
export type { FileState } from '../asks/file-state.ts';
export type { TextFile } from '../general/text-file.ts';
export type {
  AnyModule,
  ArgSchema,
  ArgsSchema,
  HostWriter,
  Module,
  ScriptCall,
  TaskContext,
} from '../module.ts';
export type { ModuleApi } from './api.ts';

/** What the file of a module exports when it wants the helpers. */
export type ModuleFile<Args, State, Wanted extends Change = Change> = (
  hapb: ModuleApi,
) => Module<Args, State, Wanted>;

/** A change that puts a text file in place, planned by `planText`. */
export type TextChange = Change & { readonly plan: FilePlan };
