/** Commands of an order are named after it and what they do, so that their second answer finds it. */
const ORDER_COMMAND = /^(.+)-(start|reject|abort)$/;

/** @returns null for a command that no order gave */
export function orderOfCommand(commandId: string): string | null {
  return ORDER_COMMAND.exec(commandId)?.[1] ?? null;
}

/** Whether an answer says more than that what was asked is done: of a swap that starts or is refused, its own reports tell that. */
export const isNews = (commandId: string, result: string): boolean => result !== 'ACCEPTED' || commandId.endsWith('-abort');
