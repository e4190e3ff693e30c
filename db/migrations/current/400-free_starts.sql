-- Says lengths instead of ends, and so has another signature.
drop function if exists app_private.free_starts(uuid, timestamptz, timestamptz, uuid, uuid);
