import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { KeptRecords } from "./kept_records.ts";

/** A room as Daily describes one. */
export type CapturedRoom = {
  roomId: string;
  name: string;
  privacy: string;
  config: Record<string, unknown>;
  isRecorded: boolean;
  isOver: boolean;
};

/** What a token says: who may enter which room, and until when. */
export type Admission = { room_name: string; user_name?: string; is_owner?: boolean; exp?: number };

/** Rooms of video calls that were made here, and tokens for them. */
export type Rooms = {
  /** What a key of the account looks like. */
  key: string;
  list(): Promise<CapturedRoom[]>;
  find(name: string): Promise<CapturedRoom | undefined>;
  make(room: Pick<CapturedRoom, "name" | "privacy" | "config">): Promise<CapturedRoom>;
  change(name: string, to: Partial<Pick<CapturedRoom, "config" | "isRecorded" | "isOver">>): Promise<void>;
  admit(admission: Admission): string;
  /** What a token says, or null where it was not made here or its time is over. */
  admission(token: string): Admission | null;
};

export async function openRooms(folder: string, keep: number, key: string): Promise<Rooms> {
  const records = await KeptRecords.open<CapturedRoom>(folder, keep);
  const live = async () => (await records.list()).filter(({ isOver }) => !isOver);
  const find = async (name: string) => (await live()).find((room) => room.name === name);
  const sign = (text: string) => createHmac("sha256", key).update(text).digest("base64url");

  return {
    key,
    list: live,
    find,
    make: (room) => records.add({ ...room, roomId: randomUUID(), isRecorded: false, isOver: false }),
    async change(name, to) {
      const room = (await records.list()).find((one) => one.name === name && !one.isOver);
      if (room) await records.change({ ...room, ...to });
    },
    admit(admission) {
      const text = Buffer.from(JSON.stringify(admission)).toString("base64url");
      return `${text}.${sign(text)}`;
    },
    admission(token) {
      const [text = "", signature = ""] = token.split(".");
      const [expected, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
      const admission = JSON.parse(Buffer.from(text, "base64url").toString()) as Admission;
      return admission.exp !== undefined && admission.exp * 1000 <= Date.now() ? null : admission;
    },
  };
}
