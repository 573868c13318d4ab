import { useLog } from '../../functions/lib/log.ts';

// Log lines of functions under test would bury the test report; tests that look at them install their own sink.
useLog(() => undefined);
