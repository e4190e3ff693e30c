import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { smtpMailer } from "../smtp.ts";
import type { Vendor } from "./mailer_contract.ts";

type Reply = { responseCode: number; message: string };

type Step = "connection" | "login" | "sender" | "recipient" | "data";

export type SmtpVendor = Vendor & {
  port: number;
  /** Answers this to the recipient of every mail from now on. */
  answerRecipient(reply: Reply): void;
  /** Answers this to one step of every mail from now on. */
  answer(step: Step, reply: Reply): void;
};

/** An SMTP server in this process that answers as told. */
export async function startSmtpVendor({ offersLogin = false } = {}): Promise<SmtpVendor> {
  const taken: Buffer[] = [];
  let how: Parameters<Vendor["behave"]>[0] = "well";
  let replies: Partial<Record<Step, Reply>> = {};
  const no = ({ responseCode, message }: Reply) => Object.assign(new Error(message), { responseCode });

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: offersLogin ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onConnect(_, callback) {
      callback(replies.connection && no(replies.connection));
    },
    onAuth(_, __, callback) {
      if (replies.login) return callback(no(replies.login));
      callback(null, { user: "somebody" });
    },
    onMailFrom(_, __, callback) {
      if (replies.sender) return callback(no(replies.sender));
      if (how === "refuses our login")
        return callback(no({ responseCode: 550, message: "5.7.1 sender not allowed" }));
      callback();
    },
    onRcptTo({ address }, _, callback) {
      if (how === "hangs up") {
        for (const connection of server.connections)
          (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
        return;
      }
      if (replies.recipient) return callback(no(replies.recipient));
      if (how === "is busy")
        return callback(no({ responseCode: 451, message: `4.3.0 ${address} try later` }));
      if (how === "refuses the mail")
        return callback(no({ responseCode: 550, message: `5.1.1 <${address}> no such user` }));
      callback();
    },
    onData(stream, _, callback) {
      buffer(stream).then((raw) => {
        if (replies.data) return callback(no(replies.data));
        taken.push(raw);
        callback();
      }, callback);
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const from = "no-reply@restartix.test";
  const mailer = smtpMailer({ url: `smtp://127.0.0.1:${port}`, from, timeoutMs: 5_000 });

  return {
    mailer,
    port,
    taken: async () => taken,
    behave(next) {
      how = next;
      replies = {};
    },
    answerRecipient(reply) {
      replies = { recipient: reply };
    },
    answer(step, reply) {
      replies = { [step]: reply };
    },
    unreachable: () => smtpMailer({ url: "smtp://127.0.0.1:9", from, timeoutMs: 2_000 }),
    async stop() {
      mailer.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
