/** What was asked for cannot be made, however often it is tried; the message is for whoever tends the library. */
export class RenderRefused extends Error {
  override name = "RenderRefused";
}

/** It could not be made this time. */
export class RenderDelayed extends Error {
  override name = "RenderDelayed";
}
