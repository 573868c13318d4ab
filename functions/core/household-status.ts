import { type Refusal, refuse } from './refusal.ts';

/**
 * To which states a household may go from each. `struck-off` is reached only by striking off, with a reason.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> applicant
 *   applicant --> new
 *   [*] --> new
 *   new --> unexited
 *   new --> pre_exit
 *   unexited --> pre_exit
 *   unexited --> exited
 *   pre_exit --> unexited
 *   pre_exit --> exited
 *   exited --> returned
 *   returned --> pre_exit
 *   returned --> exited
 *   new --> exited
 *   applicant --> struck_off
 *   new --> struck_off
 *   unexited --> struck_off
 *   pre_exit --> struck_off
 *   exited --> struck_off
 *   returned --> struck_off
 * ```
 */
const transitions: Readonly<Record<string, readonly string[]>> = {
  applicant: ['new'],
  new: ['unexited', 'pre-exit', 'exited'],
  unexited: ['pre-exit', 'exited'],
  'pre-exit': ['unexited', 'exited'],
  exited: ['returned'],
  returned: ['pre-exit', 'exited'],
  'struck-off': [],
};

/** States in which a household may enter the register; one that applies to be identified is an applicant first, by that procedure alone. */
export const openingStates = ['new', 'unexited', 'pre-exit', 'exited', 'returned'] as const;

/** Whether a status may follow another; staying is always allowed. */
export function mayFollow(from: string, to: string): boolean {
  return from === to || (transitions[from] ?? []).includes(to);
}

/** The refusal of a step the register does not know, undefined when it may be taken. */
export function refuseStep(from: string, to: string): Refusal | undefined {
  return mayFollow(from, to) ? undefined : refuse('status-transition', { from, to });
}

/** Statuses that a household comes to by a procedure alone, and by which. */
const procedures: Readonly<Record<string, string>> = {
  applicant: 'identification',
  exited: 'household-exit',
  returned: 'return',
  'struck-off': 'strike-off',
};

/** Whether a status is the outcome of a procedure. */
export function isByProcedure(status: string): boolean {
  return Object.hasOwn(procedures, status);
}

/** The refusal of a change of status that only a procedure may make; staying is always allowed. An applicant waits for its own. */
export function refuseUnproven(from: string, to: string): Refusal | undefined {
  const procedure = from === 'applicant' ? procedures[from] : procedures[to];
  return from === to || procedure === undefined
    ? undefined
    : refuse('procedure-required', { to, procedure });
}
