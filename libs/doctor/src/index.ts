export { clockCheck, describeChecks, fault, spaceCheck, type Check } from './check';
export { Doctor, settingsChecks } from './doctor.service';
