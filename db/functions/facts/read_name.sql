-- A name as it is kept: composed (NFC), on one line's spaces, without what nobody sees. Marks that turn the direction
-- of text around make one name look like another; what has no width makes two of one. FND-07, FND-34.
-- The joiners of Arabic and Indic scripts stay behind letters of those scripts, where they are spelling. Line breaks and
-- control characters stay, and the constraint ..._is_one_line refuses them.

create or replace function app_hidden.read_name(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return btrim(
  regexp_replace(
    regexp_replace(
      normalize(read_name.name, nfc),
      '[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\ufff9-\ufffb\uffa0\U000e0000-\U000e007f]'
      '|(?<![\u0600-\u0e00\u0f00-\u109f\u1780-\u18af])[\u200c\u200d]',
      '', 'g'),
    '[ \u0009\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'),
  E' \n\r\u200c\u200d');

comment on function app_hidden.read_name is
  'A name in NFC, trimmed, its words apart by one space, without bidirectional marks and characters of no width.';
grant execute on function app_hidden.read_name to app_member, app_engine;
