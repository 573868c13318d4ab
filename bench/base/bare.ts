import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

// The least a handler can be that answers a GET from a table: the baseline of sizes and of cold starts.
const client = new DynamoDBClient({});

export async function handler(): Promise<{ statusCode: number; body: string }> {
  const answer = await client.send(
    new QueryCommand({
      TableName: process.env.BARE_TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: process.env.BARE_KEY ?? 'A#350122' } },
    }),
  );
  return { statusCode: 200, body: JSON.stringify(answer.Items) };
}
