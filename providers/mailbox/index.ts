import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Arrivals } from "./arrivals.ts";
import { Mails } from "./mails.ts";
import { openPushes } from "./pushes.ts";
import { openRooms } from "./rooms.ts";
import { mailboxServer } from "./server.ts";
import { smtpServer } from "./smtp.ts";
import { type Account, openTexts } from "./texts.ts";

export type MailboxOptions = {
  /** Where mail arrives; 0 takes any free port. Absent: mail goes to a server of its own. */
  smtpPort?: number;
  /** Where the pages, /api and the vendors' paths are; 0 takes any free port. */
  pagePort: number;
  /** Where everything is kept. */
  folder: string;
  /** Who may send texts, and by what their callbacks are signed. Absent: nobody. */
  account?: Account;
  /** With which key rooms for video calls are made. Absent: nobody's. */
  videoKey?: string;
  /** How many of the newest are kept, of each kind. */
  keep?: number;
  /** Only this machine, unless somebody decides otherwise. */
  host?: string;
};

export type EmbeddedMailbox = {
  /** 0 where no mail is taken. */
  smtpPort: number;
  pagePort: number;
  stop(): Promise<void>;
};

/**
 * The embedded mailbox (FND-15): it stands in for the vendors of every channel, lets nothing out, and shows a
 * developer what people would get. Mail comes by SMTP, SMS and WhatsApp by Twilio's API, notices by Web Push;
 * rooms for video calls are made by Daily's.
 * Whatever is acknowledged is on disk.
 */
export async function startMailbox({
  smtpPort,
  pagePort,
  folder,
  account = { accountSid: "AC", authToken: randomUUID() },
  videoKey = randomUUID(),
  keep = 500,
  host = "127.0.0.1",
}: MailboxOptions): Promise<EmbeddedMailbox> {
  const arrivals = new Arrivals();
  const changed = () => arrivals.tell();
  const mails = await Mails.open(folder, keep, changed);
  const texts = await openTexts(path.join(folder, "texts"), keep, account, changed);
  const pushes = await openPushes(path.join(folder, "pushes"), keep, changed);
  const rooms = await openRooms(path.join(folder, "rooms"), keep, videoKey);
  const smtp = smtpPort === undefined ? undefined : smtpServer(mails);
  const page = mailboxServer({ mails, texts, pushes, rooms, account, arrivals });

  if (smtp) await listen(smtp.server, smtpPort as number, host);
  try {
    await listen(page, pagePort, host);
  } catch (error) {
    await smtp?.close();
    throw error;
  }

  return {
    smtpPort: smtp ? port(smtp.server) : 0,
    pagePort: port(page),
    async stop() {
      page.closeAllConnections();
      await Promise.all([smtp?.close(), new Promise((resolve) => page.close(resolve)), texts.settle()]);
    },
  };
}

async function listen(server: Server, wanted: number, host: string): Promise<void> {
  server.listen(wanted, host);
  await once(server, "listening");
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}
