import { SIMULATED_QUEUES, type SimulatedQueue, scenarioOf, TEXTBOOK_QUEUES } from '@corridor/simulator/planner/textbook-queues';
import { experiment, holds, intervalOf, runsUntilTold, verdictOf } from '@corridor/simulator/planner/theory-trial';
import { shippedScenario } from '@corridor/simulator/scenario/scenario-folder';
import type { Soak, SoakContext } from './soak.ts';

/** Fixed, not drawn: what holds for these seeds holds on every machine. */
const EXPERIMENTS = 100;
const INSIDE_MIN = 88;
/** Of 10 runs each: a look after every ten, and what is open after two thousand has failed. */
const SIMULATED_EXPERIMENTS = { step: 10, most: 2_000 };

/** The planner against theory: each textbook queue a hundred times. Takes no account of `--seed` and `--minutes`. */
export const theorySoak: Soak = {
  name: 'theory',
  about: `textbook queues as scenarios: the closed form lies in the 95 % interval in at least ${INSIDE_MIN} of ${EXPERIMENTS} fixed seeds; means lie within the tolerance of figures of another simulator, with their whole interval`,
  async run(context) {
    return [...textbook(context), ...simulated(context)];
  },
};

function textbook({ say }: SoakContext): string[] {
  return filesOf(TEXTBOOK_QUEUES).flatMap((file) => {
    const scenario = shippedScenario(file);
    const experiments = Array.from({ length: EXPERIMENTS }, (_, index) => experiment(scenario, index + 1));
    return TEXTBOOK_QUEUES.filter((queue) => queue.file === file).flatMap(({ kpi, closedForm }) => {
      const inside = experiments.filter((runs) => holds(intervalOf(runs, kpi), closedForm)).length;
      const told = `${file} ${kpi} = ${closedForm.toPrecision(5)}: inside in ${inside} of ${EXPERIMENTS}`;
      say(told);
      return inside >= INSIDE_MIN ? [] : [told];
    });
  });
}

/** Against figures of another simulator: the interval over all runs has to lie within their tolerance, and is made as narrow as that takes. */
function simulated({ say }: SoakContext): string[] {
  return posed().flatMap(({ queue, queues }) => {
    const runs = runsUntilTold(scenarioOf(queue), queues, SIMULATED_EXPERIMENTS);
    return queues.flatMap((figure) => {
      const { kpi, found, tolerance } = figure;
      const interval = intervalOf(runs, kpi);
      const verdict = verdictOf(interval, figure);
      const told = `${nameOf(queue)} ${kpi}: ${JSON.stringify(interval)}, elsewhere ${found} ± ${tolerance}: ${verdict}`;
      say(told);
      return verdict === 'agrees' ? [] : [told];
    });
  });
}

const nameOf = ({ file, packs, perHour }: SimulatedQueue): string => `${file} with ${packs} packs, ${perHour} trucks/h`;

/** Figures of the same runs together. */
function posed(): { queue: SimulatedQueue; queues: SimulatedQueue[] }[] {
  const byName = Map.groupBy(SIMULATED_QUEUES, nameOf);
  return [...byName.values()].flatMap((queues) => (queues[0] ? [{ queue: queues[0], queues }] : []));
}

const filesOf = (queues: readonly { file: string }[]): string[] => [...new Set(queues.map(({ file }) => file))];
