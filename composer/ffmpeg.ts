import { spawn } from "node:child_process";
import os from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RenderDelayed, RenderRefused } from "./refusals.ts";

export type Ffmpeg = {
  /** Runs the program in a folder; `pictures` are its input. Rejects when it fails, is too slow, or is called off. */
  run(args: string[], options: { folder: string; pictures?: Iterable<Uint8Array> }): Promise<void>;
  /** What it says of a file. Rejects with RenderRefused where it is no film with a picture. */
  probe(file: string, folder: string): Promise<Probe>;
};

export type Probe = {
  seconds: number;
  codec: string;
  profile: string;
  pixels: string;
  width: number;
  height: number;
};

/** The end of what it says is kept, in characters. */
const KEPT = 4000;

/**
 * ffmpeg as a child that cannot outgrow its bounds (EXL-05): it opens nothing but files of its folder by names that we give, is
 * killed when its time is over, and ends by itself after so much processor time, should we be gone. It gives way to all else here.
 */
export function ffmpegOf(
  program: string,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Ffmpeg {
  const start = async (
    args: string[],
    { folder, pictures }: { folder: string; pictures?: Iterable<Uint8Array> },
  ): Promise<{ code: number | null; said: string }> => {
    const over = AbortSignal.timeout(timeoutMs);
    const called = signal ? AbortSignal.any([signal, over]) : over;
    const child = spawn(
      program,
      ["-hide_banner", "-y", "-timelimit", String(Math.ceil(timeoutMs / 500)), ...args],
      {
        cwd: folder,
        env: {},
        stdio: [pictures ? "pipe" : "ignore", "ignore", "pipe"],
        signal: called,
        killSignal: "SIGKILL",
      },
    );
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-KEPT);
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (child.pid) os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
    try {
      const [code] = await Promise.all([
        ended,
        // Where it ends early its input has nowhere to go: what it said tells more.
        pictures && child.stdin
          ? pipeline(Readable.from(copies(pictures)), child.stdin).catch(() => {})
          : undefined,
      ]);
      if (called.aborted) throw called.reason;
      return { code, said };
    } catch (error) {
      if (over.aborted) throw new RenderRefused(`ffmpeg did not end within ${Math.ceil(timeoutMs / 1000)} s`);
      if (signal?.aborted) throw new RenderDelayed("the composer ends");
      throw new RenderDelayed(`ffmpeg cannot be run: ${(error as NodeJS.ErrnoException).code ?? "unknown"}`);
    }
  };

  return {
    async run(args, options) {
      const { code, said } = await start(["-loglevel", "error", ...args], options);
      if (code === 0) return;
      if (code === null) throw new RenderDelayed("ffmpeg was killed");
      throw new RenderRefused(`ffmpeg refuses: ${firstLine(said)}`);
    },

    async probe(file, folder) {
      const { said } = await start(["-loglevel", "info", ...asMovie(file)], { folder });
      const [, h, m, s] = /Duration: (\d+):(\d+):(\d+\.\d+)/.exec(said) ?? [];
      const [, codec, profile, pixels, width, height] =
        /Video: (\w+)(?: \(([^)]*)\))?.*?, (yuv\w+|rgb\w+|gray\w*)[(,].*?(\d{2,5})x(\d{2,5})/.exec(said) ??
        [];
      if (!h || !codec || !pixels) throw new RenderRefused(`${file} is no film with a picture`);
      return {
        seconds: Number(h) * 3600 + Number(m) * 60 + Number(s),
        codec,
        profile: profile?.split(" /")[0] ?? "",
        pixels,
        width: Number(width),
        height: Number(height),
      };
    },
  };
}

/** A film as input, and nothing else: a list of other files that calls itself one is none. */
export const asMovie = (file: string) => {
  const form = file.endsWith(".webm") ? "matroska" : "mov";
  return ["-protocol_whitelist", "file", "-f", form, "-i", file];
};

/** What is written to a pipe is read later, when the next picture has been drawn over it. */
function* copies(pictures: Iterable<Uint8Array>) {
  for (const picture of pictures) yield Buffer.from(picture);
}

function firstLine(said: string): string {
  const line = said.split("\n").find((text) => text.trim() !== "") ?? "without a word";
  return line.replaceAll(/0x[0-9a-f]+/g, "…").slice(0, 200);
}
