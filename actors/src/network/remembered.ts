/**
 * A rule that one transition asks several times: an assign computes each of its fields, and an emit what is said, from the same context and
 * event. The last answer is kept for as long as all three are the same objects.
 */
export function remembered<Context extends object, Event extends object, Answer>(
  rule: (context: Context, event: Event) => Answer,
): (context: Context, event: Event) => Answer;
export function remembered<Context extends object, Event extends object, Around extends object, Answer>(
  rule: (context: Context, event: Event, surroundings: Around) => Answer,
): (context: Context, event: Event, surroundings: Around) => Answer;
export function remembered<Context extends object, Event extends object, Around extends object, Answer>(
  rule: (context: Context, event: Event, surroundings: Around) => Answer,
): (context: Context, event: Event, surroundings: Around) => Answer {
  let last: { context: Context; event: Event; surroundings: Around; answer: Answer } | null = null;
  return (context, event, surroundings) => {
    if (last === null || last.context !== context || last.event !== event || last.surroundings !== surroundings)
      last = { context, event, surroundings, answer: rule(context, event, surroundings) };
    return last.answer;
  };
}
