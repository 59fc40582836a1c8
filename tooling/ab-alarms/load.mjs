// Something else that runs on the machine: busy and idle in turn, each for a random time around the seconds given as the argument,
// until who started it has ended.
const meanSeconds = Number(process.argv[2]);
const parent = process.ppid;
for (let isOn = false; process.ppid === parent; isOn = !isOn) {
  const milliseconds = -1000 * meanSeconds * Math.log(1 - Math.random());
  const end = performance.now() + milliseconds;
  if (isOn) while (performance.now() < end);
  else await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
