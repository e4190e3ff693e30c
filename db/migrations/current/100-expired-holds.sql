-- A claim of one's own is alive or released already when expired holds in its way are let go: none has to stand aside.
drop function if exists app_private.release_expired_holds(uuid, tstzrange, uuid);
