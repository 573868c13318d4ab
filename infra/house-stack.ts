import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** A stack named `bangfu-<stage>-<concern>`, protected against deletion, the same template in every region and partition. */
export class HouseStack extends Stack {
  constructor(scope: Construct, concern: string, settings: Settings & { readonly about: string }) {
    const { stage, region, about } = settings;
    super(scope, `bangfu-${stage}-${concern}`, {
      description: `Bangfu, county registry of poor households (${stage}): ${about}`,
      ...(region && { env: { region } }),
      terminationProtection: stage !== 'local',
      tags: { project: 'bangfu', stage },
    });
  }
}
