/** A node of a parsed template, as `@huggingface/jinja` builds them. */
export type JinjaNode =
  | { readonly type: 'Program'; readonly body: readonly JinjaNode[] }
  | {
      readonly type: 'If';
      readonly test: JinjaNode;
      readonly body: readonly JinjaNode[];
      readonly alternate: readonly JinjaNode[];
    }
  | {
      readonly type: 'For';
      readonly loopvar: JinjaNode;
      readonly iterable: JinjaNode;
      readonly body: readonly JinjaNode[];
      readonly defaultBlock: readonly JinjaNode[];
    }
  | { readonly type: 'Break' | 'Continue' | 'Comment' }
  | {
      readonly type: 'Set';
      readonly assignee: JinjaNode;
      readonly value: JinjaNode | null;
      readonly body: readonly JinjaNode[];
    }
  | MacroNode
  | {
      readonly type: 'CallStatement';
      readonly call: JinjaNode;
      readonly callerArgs: readonly JinjaNode[] | null;
      readonly body: readonly JinjaNode[];
    }
  | {
      readonly type: 'FilterStatement';
      readonly filter: JinjaNode;
      readonly body: readonly JinjaNode[];
    }
  | {
      readonly type: 'MemberExpression';
      readonly object: JinjaNode;
      readonly property: JinjaNode;
      readonly computed: boolean;
    }
  | {
      readonly type: 'CallExpression';
      readonly callee: JinjaNode;
      readonly args: readonly JinjaNode[];
    }
  | { readonly type: 'Identifier'; readonly value: string }
  | { readonly type: 'IntegerLiteral' | 'FloatLiteral'; readonly value: number }
  | { readonly type: 'StringLiteral'; readonly value: string }
  | { readonly type: 'ArrayLiteral' | 'TupleLiteral'; readonly value: readonly JinjaNode[] }
  | { readonly type: 'ObjectLiteral'; readonly value: ReadonlyMap<JinjaNode, JinjaNode> }
  | {
      readonly type: 'BinaryExpression';
      readonly operator: { readonly value: string };
      readonly left: JinjaNode;
      readonly right: JinjaNode;
    }
  | { readonly type: 'FilterExpression'; readonly operand: JinjaNode; readonly filter: JinjaNode }
  | { readonly type: 'SelectExpression'; readonly lhs: JinjaNode; readonly test: JinjaNode }
  | {
      readonly type: 'TestExpression';
      readonly operand: JinjaNode;
      readonly negate: boolean;
      readonly test: { readonly value: string };
    }
  | {
      readonly type: 'UnaryExpression';
      readonly operator: { readonly value: string };
      readonly argument: JinjaNode;
    }
  | {
      readonly type: 'SliceExpression';
      readonly start?: JinjaNode;
      readonly stop?: JinjaNode;
      readonly step?: JinjaNode;
    }
  | {
      readonly type: 'KeywordArgumentExpression';
      readonly key: { readonly value: string };
      readonly value: JinjaNode;
    }
  | { readonly type: 'SpreadExpression' | 'KeywordSpreadExpression'; readonly argument: JinjaNode }
  | {
      readonly type: 'Ternary';
      readonly condition: JinjaNode;
      readonly trueExpr: JinjaNode;
      readonly falseExpr: JinjaNode;
    };

/** A macro's definition. */
export interface MacroNode {
  readonly type: 'Macro';
  readonly name: { readonly value: string };
  readonly args: readonly JinjaNode[];
  readonly body: readonly JinjaNode[];
}
