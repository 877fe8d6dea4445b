/**
 * A program for `node -e`: loads the package whose folder it is given, multiplies two 1024 × 1024 matrices a few times
 * and prints a line of JSON. As text, so that it can be run wherever this library was bundled to.
 */
export const PROBE_PROGRAM = `
const util = require('node:util');
util.isArray ??= Array.isArray;
util.isNullOrUndefined ??= (value) => value == null;
const tf = require(process.argv[1]);
const size = 1024;
const rounds = 5;
const matrix = tf.ones([size, size]);
const multiply = () => tf.sum(tf.matMul(matrix, matrix)).dataSync()[0];
const sum = multiply();
if (Math.abs(sum / size ** 3 - 1) > 1e-4) throw new Error('A product sums to ' + sum + ', not ' + size ** 3 + '.');
const before = process.cpuUsage();
for (let round = 0; round < rounds; round += 1) multiply();
const { user, system } = process.cpuUsage(before);
const { binding, isUsingGpuDevice } = tf.backend();
const gflops = (rounds * 2 * size ** 3) / (user + system) / 1e3;
console.log(JSON.stringify({ version: binding.TF_Version, device: isUsingGpuDevice ? 'GPU' : 'CPU', gflops }));
`;
