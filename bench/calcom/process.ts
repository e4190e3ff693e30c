import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** All that the engine is told: rows that its server would have fetched, as JSON. */
export type Question = {
  from: number;
  to: number;
  minutes: number;
  /** Minutes of notice. */
  notBefore: number;
  timezone: string;
  hosts: {
    hours: { days: number[]; startTime: number; endTime: number }[];
    /** Dates on which the host is away. */
    closed: string[];
    busy: [from: number, to: number][];
  }[];
};

export type Answer = { milliseconds: number; slots: number };

export type Calcom = { list(question: Question): Promise<Answer>; stop(): void };

/** cal.com's engine in a process of its own, which measures itself: neither rows nor messages count. */
export async function startCalcom(folder: string): Promise<Calcom> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, "engine.ts"), [folder], {
    stdio: ["ignore", "ignore", 2, "ipc"],
    env: { ...process.env, TZ: "UTC" },
  });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`cal.com's engine ended with code ${code}`);
  });
  failed.catch(() => {}); // it is told to, in the end
  await Promise.race([once(child, "message"), failed]);
  return {
    async list(question) {
      const answered = once(child, "message");
      child.send(question);
      const [answer] = (await Promise.race([answered, failed])) as [Answer];
      return answer;
    },
    stop: () => child.kill(),
  };
}
