import type { Network } from '@corridor/actors/network/network';
import type { BatchInMaking } from './batch-in-making.ts';
import type { Job, Stepped } from './job.ts';
import { INPUT_FAILED } from './passed-over.ts';
import type { Sequencer } from './sequencer.ts';
import type { ReceivedEvent } from './writer-batch.ts';

/** What each kind of job does to the network and to the batch, and what is left of it when it is passed over. */
export class JobStepper {
  readonly #network: Network;
  readonly #sequencer: Sequencer<ReceivedEvent>;

  constructor(network: Network, sequencer: Sequencer<ReceivedEvent>) {
    this.#network = network;
    this.#sequencer = sequencer;
  }

  /** @param atMs scope time, not before that of the network. @throws what an actor throws: end the process */
  step(job: Job, making: BatchInMaking, atMs: number): void {
    const network = this.#network;
    switch (job.kind) {
      case 'event':
        making.heard(job.event);
        if (job.event.decoded) {
          const { subject, envelope } = job.event.decoded;
          network.step({ kind: 'message', atMs, subject, envelope });
          making.noteResult(job.event.decoded, atMs);
        }
        break;
      case 'signal':
        network.step({ ...job.input, atMs });
        break;
      case 'source':
        network.step({ kind: 'source', atMs, id: job.id, event: job.event(atMs) });
        break;
      case 'reply': {
        const { commandId, orderId } = job.command;
        making.noteReply(commandId, job.reply, atMs);
        network.step({ kind: 'commandReply', atMs, commandId, orderId, reply: job.reply });
        break;
      }
      case 'intent':
        making.noteRequest(job, atMs, network);
        network.step({ kind: 'intent', atMs, intentId: job.intentId, by: job.by, intent: job.intent });
        break;
      case 'register':
        this.#register(job, making, atMs);
        break;
      case 'forget':
        making.forget(job, this.#sequencer.positionOf(job.source), atMs);
        this.#sequencer.forget(job.source);
        break;
      case 'tick':
        network.step({ kind: 'tick', atMs });
        break;
    }
  }

  /** What has to be done for an input that is not taken, so that it is over. */
  passOver(input: Stepped, making: BatchInMaking, atMs: number): void {
    switch (input.kind) {
      case 'event':
        // Its bytes stay in the stream; what they hold may be what the database refuses.
        making.heard({ ...input.event, decoded: null, text: null, refusal: INPUT_FAILED });
        break;
      case 'timer':
        this.#network.dropTimer();
        break;
      case 'reply':
        // Else it would be sent and answered again after each restart.
        making.commandUpdates.push({ commandId: input.command.commandId, state: 'FAILED', detail: INPUT_FAILED, atMs });
        break;
      case 'signal':
      case 'source':
      case 'intent':
      case 'register':
      case 'forget':
        break;
    }
  }

  #register({ registered, add }: Extract<Job, { kind: 'register' }>, making: BatchInMaking, atMs: number): void {
    add();
    making.registered.push(registered);
    const { asset, definition } = registered;
    this.#network.step({
      kind: 'intent',
      atMs,
      intentId: `register-${asset}-${definition.id}`,
      by: 'platform',
      intent: { type: 'asset.registered', asset, id: definition.id },
    });
  }
}
