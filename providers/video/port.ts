/** A room for one call (APT-07). Its name is ours and nobody can guess it, so a repeat finds the room that is there. */
export type VideoRoom = {
  name: string;
  /** Nobody enters before. */
  opensAt: Date;
  /** Whoever is still there is put out. */
  expiresAt: Date;
};

/** What lets one participant into a room. */
export type Seat = {
  roomName: string;
  /** As the others see them. */
  displayName: string;
  /** May end the call for all, admit and put out. */
  isOwner: boolean;
  locale: "ro" | "en";
  /** Until when they may enter; whoever is inside may stay. */
  expiresAt: Date;
};

/** A room that the vendor has. */
export type ListedRoom = { name: string; expiresAt: Date | null };

/**
 * Video calls of a clinic (APT-07). Each rejects with VideoDelayed where trying again is worth it, with CredentialsRefused
 * when our account is not accepted, and with VideoRefused when the vendor never will.
 */
export interface VideoRooms {
  readonly vendor: string;
  /** The clinic's integration whose account holds the rooms; null: the platform's. */
  readonly integrationId: string | null;
  /** Makes the room, or finds it made by an earlier try. */
  open(room: VideoRoom): Promise<{ url: string }>;
  /** Ends the call and takes the room away; one that is not there any more is well. */
  close(name: string): Promise<void>;
  /** A token for one participant: told to them alone, kept and logged nowhere. */
  admit(seat: Seat): Promise<{ token: string }>;
  /** Records who is in the room; one that is recorded already is well. */
  startRecording(name: string): Promise<void>;
  /** Ends the recording; where none runs it is well. */
  stopRecording(name: string): Promise<void>;
  /** Every room of the account. */
  list(): AsyncIterable<ListedRoom>;
}

/** The account in which a clinic's calls take place. */
export type VideoVendors = { for(organizationId: string): Promise<VideoRooms> };

export class VideoRefused extends Error {
  override name = "VideoRefused";
}

export class VideoDelayed extends Error {
  override name = "VideoDelayed";
  /** When the vendor wants to be asked again, in seconds; null: it did not say. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null = null) {
    super(message);
    this.retryAfter = retryAfter;
  }
}
