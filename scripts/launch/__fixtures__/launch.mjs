// `npm start` over another workspace root: launch.mjs ROOT [ARGS…]
import { launchServer } from '../launch-server.mjs';

const [root = '', ...args] = process.argv.slice(2);
process.exitCode = await launchServer(args, root);
