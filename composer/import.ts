import { LARGEST_VIDEO, PLAYABLE } from "./compose.ts";
import { asMovie, type Ffmpeg } from "./ffmpeg.ts";
import { LONGEST } from "./recipe.ts";
import { RenderRefused } from "./refusals.ts";

/** Makes an imported film one that every browser plays; what is that already is only put in order. Its sound is kept. EXL-03. */
export async function makePlayable(
  ffmpeg: Ffmpeg,
  folder: string,
  source: string,
): Promise<{ file: string; seconds: number }> {
  const { seconds, codec, profile, pixels } = await ffmpeg.probe(source, folder);
  if (seconds > LONGEST) throw new RenderRefused(`the video is longer than ${LONGEST / 60} minutes`);
  const isPlayable =
    codec === "h264" && pixels === "yuv420p" && /^(Constrained Baseline|Baseline|Main|High)$/.test(profile);
  const sound = ["-map", "0:v:0", "-map", "0:a:0?", "-c:a", "aac", "-ac", "2"];
  const picture = isPlayable
    ? ["-c:v", "copy", "-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact"]
    : ["-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", ...PLAYABLE];
  const file = "video.mp4";
  await ffmpeg.run([...asMovie(source), ...sound, ...picture, "-fs", String(LARGEST_VIDEO), file], {
    folder,
  });
  return { file, seconds };
}
