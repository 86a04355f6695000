/**
 * How threads share the tasks of a phase, over one Int32Array that all of them see. A task is claimed by counting
 * `open` down from above 0, and what phase it belongs to is read after the claim: a phase does not end before its
 * claimed tasks are done, so that a late thread never does a task of the phase before.
 */
const [opened, open, phase, argument, done, failed] = [0, 1, 2, 3, 4, 5]

export const newControl = (): Int32Array => new Int32Array(new SharedArrayBuffer(6 * 4))

/** Task `task` of a phase with its argument. */
export type Tasks = (phase: number, argument: number, task: number) => void

/** Does tasks until none is open. A task that throws is told to whom has opened the phase. */
export function claimTasks(control: Int32Array, tasks: Tasks): void {
  for (;;) {
    const task = Atomics.sub(control, open, 1) - 1
    if (task < 0) return
    try {
      tasks(Atomics.load(control, phase), Atomics.load(control, argument), task)
    } catch {
      Atomics.store(control, failed, task + 1)
    }
    Atomics.add(control, done, 1)
    Atomics.notify(control, done)
  }
}

/** All `count` tasks of a phase, by this thread and whoever waits; a task that threw is done again here, to throw. */
export function phaseOf(
  control: Int32Array,
  tasks: Tasks,
  [of, given]: readonly [number, number],
  count: number,
): void {
  Atomics.store(control, phase, of)
  Atomics.store(control, argument, given)
  Atomics.store(control, done, 0)
  Atomics.store(control, open, count)
  Atomics.add(control, opened, 1)
  Atomics.notify(control, opened)
  claimTasks(control, tasks)
  for (let so = Atomics.load(control, done); so < count; so = Atomics.load(control, done))
    Atomics.wait(control, done, so)
  const again = Atomics.load(control, failed)
  if (again === 0) return
  tasks(of, given, again - 1)
  throw new Error(`task ${again - 1} of phase ${of} failed in another thread, and not in this one`)
}

/** A thread's life: tasks as phases open, until `endAll`. */
export function serve(control: Int32Array, tasks: Tasks): void {
  for (let seen = 0; seen >= 0; seen = Atomics.load(control, opened)) {
    claimTasks(control, tasks)
    Atomics.wait(control, opened, seen)
  }
}

export function endAll(control: Int32Array): void {
  Atomics.store(control, opened, -1)
  Atomics.notify(control, opened)
}
