// `npm run build`: the server and the console into dist/.
import { build, install } from './setup.mjs';

install();
build();
