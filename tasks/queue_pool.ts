import pg from "pg";
import { isConnectionLost } from "../runtime/connection_error.ts";

/**
 * The connections of a worker. The queue asks again by itself what failed with a code of its own list, and the loss of a
 * connection is not on it: nobody waits for the end of a job to be written down, so the loss would end the process and
 * leave every job of it half done. Whatever the queue asks by itself may be asked twice: complete, fail, and take a job
 * (one that was taken without our knowing is given back, see taken_jobs.ts).
 */
export class QueuePool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super(options);
    this.on("connect", (client) => {
      const query = client.query.bind(client) as (...asked: unknown[]) => unknown;
      client.query = ((...asked: unknown[]) => {
        const answer = query(...asked);
        return answer instanceof Promise ? answer.catch(tellLoss) : answer;
      }) as typeof client.query;
    });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    if (!callback) return super.connect().catch(tellLoss);
    super.connect(callback);
    return;
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** The connection was lost. */
class ConnectionLost extends Error {
  override name = "ConnectionLost";
  /** That of a serialization failure: the queue asks again at once, and every few seconds after that. */
  code = "40001";
}

function tellLoss(error: unknown): never {
  if (!isConnectionLost(error)) throw error;
  throw new ConnectionLost((error as Error).message, { cause: error });
}
