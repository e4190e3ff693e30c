import { show } from "../../components/show.tsx";

show(<p />);
