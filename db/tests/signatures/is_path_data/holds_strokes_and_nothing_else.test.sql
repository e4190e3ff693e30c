-- Test: is_path_data - strokes of M, L, C, Q and Z with their numbers, of bounded length, and nothing else. CNS-05, SPC-04.
begin;
select plan(26);
select ok(app_private.is_path_data(path), left(path, 40)) from (values
  ('M0 0'), ('M 1.5,-2.25 L3 4 Z'), ('M0 0Q1 1 2 2C1 1,2 2,3 3M5 5L6 6Z'), ('M12345 99999.999L0,0'),
  ('M0 0' || repeat('L1 1', 16000)), ('M0 0' || repeat('L1 1', 16383)) -- 65,536 characters
) as given (path);
select ok(not app_private.is_path_data(path), 'refused: ' || left(path, 60)) from (values
  (''), ('L0 0'), ('M0'), ('M0 0L1'), ('M0 0C1 1 2 2'), ('M0 0A1 1 0 0 1 2 2'), ('m0 0'), ('M0 0 <script>'), ('M0 0"/><svg onload="1'),
  ('M0 0L1e9 1'), ('M0 0L123456 1'), ('M0 0L1.2345 1'), (e'M0 0\nL1 1'), ('M0 0 url(#x)'), ('M0 0L1 1&#10;'), ('M--1 0'), ('M0 0;t=12'),
  ('M0 0' || repeat('L1 1', 16382) || 'L1 11'), ('M0 0' || repeat('L1 1', 20000)), ('M0 0' || repeat(' ', 65536))
) as given (path);
select * from finish();
rollback;
