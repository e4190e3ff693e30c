import pg from "pg";

type Connection = { close(what: { type: "S"; name: string }): void; sync(): void };
type Query = (...asked: unknown[]) => unknown;

/**
 * Lets go of prepared statements in the words of the protocol (SCA-01). The schema's library keeps a hundred for each
 * connection and lets the oldest go by SQL, `deallocate`, in the middle of a request's transaction. A pooler that
 * carries prepared statements knows them by other names, so there is no such statement, and the transaction fails.
 */
export function closeByProtocol(client: pg.PoolClient): void {
  const query: Query = (...asked) => Reflect.apply(pg.Client.prototype.query, client, asked);
  const closing = (asked: unknown, ...rest: unknown[]): unknown => {
    const name = typeof asked === "string" && /^deallocate "([^"]+)"$/.exec(asked)?.[1];
    if (!name) return query(asked, ...rest);
    return new Promise<void>((resolve, reject) => {
      query({
        submit(connection: Connection) {
          connection.close({ type: "S", name });
          connection.sync();
        },
        handleReadyForQuery: () => resolve(),
        handleError: reject,
      });
    });
  };
  client.query = closing as typeof client.query;
}
