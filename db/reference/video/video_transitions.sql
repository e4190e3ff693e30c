-- What becomes of rooms for video calls and of recordings: the worker moves them. APT-07.
-- An empty from_state is creation. docs/state-machines/video_rooms.md and video_recordings.md are drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "video_rooms"}', rows => '
  from_state     | to_state       | actor
  ---------------+----------------+-------
                 | awaits_consent | system
                 | wanted         | system
  awaits_consent | wanted         | system
  awaits_consent | closed         | system
  wanted         | ready          | system
  wanted         | delayed        | system
  wanted         | closing        | system
  delayed        | ready          | system
  delayed        | closing        | system
  ready          | closing        | system
  closing        | closed         | system
  closed         | awaits_consent | system
  closed         | wanted         | system
');

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "video_recordings"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | starting | system
  starting   | running  | system
  starting   | stopping | system
  starting   | failed   | system
  running    | stopping | system
  running    | stopped  | system
  stopping   | stopped  | system
');
