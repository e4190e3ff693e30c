const silent = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
const unnamed = /^(ENOTFOUND|EAI_AGAIN)$/;
const strange =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
const unfit = /^(CERT_|ERR_TLS_CERT)/;
const unreachable = [silent, unnamed, strange, unfit];

/** The line does not reach the server, or TLS on it does not hold. */
export function isUnreachable(error: unknown): boolean {
  const { code = "" } = error as { code?: string };
  return unreachable.some((codes) => codes.test(code));
}

/** The server ended the connection, or it was cut: nobody knows whether the last statement was done. */
export function isConnectionLost(error: unknown): boolean {
  const { code = "", message = "" } = (error ?? {}) as { code?: string; message?: string };
  return (
    /^(EPIPE|57P0[1-35]|08...)$/.test(code) ||
    silent.test(code) ||
    /^Connection terminated|is not queryable$/.test(message)
  );
}

/** What to do about a database that does not let us in, by the code of the error. */
const mends: [codes: RegExp, mend: string][] = [
  [silent, "See that the server runs, and that this machine reaches that host and port."],
  [unnamed, "See that the host of the URL is written as it should be, and known here."],
  [
    strange,
    "The server's certificate is of an authority that is not known here: name the file of that authority in NODE_EXTRA_CA_CERTS.",
  ],
  [
    unfit,
    "The server's certificate does not hold for that host and this day: see that the URL names the host of the certificate.",
  ],
  [/^28P01$/, "See that the password of the URL is the role's."],
  [/^28/, "See that pg_hba.conf of the server lets this role in from this machine."],
  [/^3D000$/, "npm run migrate makes the database."],
  [/^53300$/, "Raise max_connections of the server."],
  [/^57P03$/, "The server is starting or stopping: wait for it."],
  [/^(42P01|42883|3F000)$/, "Run npm run migrate."],
];

/** One sentence that says what to do about it. */
export function mendConnection(error: unknown): string {
  const { code = "", message = "" } = (error ?? {}) as { code?: string; message?: string };
  if (/does not support SSL/.test(message)) {
    return "The server speaks no TLS: turn ssl on there.";
  }
  if (/timeout/.test(message))
    return "The server takes too long to let anybody in: see what keeps it, or the network.";
  const known = mends.find(([codes]) => codes.test(code));
  return known?.[1] ?? "See that the server runs, and that role, password and database of the URL are right.";
}
